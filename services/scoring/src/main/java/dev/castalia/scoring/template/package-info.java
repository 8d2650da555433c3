/** Jinja templates as Python renders them. */
package dev.castalia.scoring.template;
