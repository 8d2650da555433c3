/**
 * Built-in equivalents of the Python functions that tasks of lm-evaluation-harness name. Castalia
 * runs no Python: a file is known by its folder, name and content, and what is not known is an
 * error. To add one, write a class like {@link dev.castalia.scoring.task.helper.Winogrande} and
 * list it in {@link dev.castalia.scoring.task.helper.Helpers}.
 */
package dev.castalia.scoring.task.helper;
