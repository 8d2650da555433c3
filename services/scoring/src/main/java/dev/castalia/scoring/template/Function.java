package dev.castalia.scoring.template;

/** What a template can call. */
@FunctionalInterface
interface Function {

  Object call(Arguments arguments);
}
