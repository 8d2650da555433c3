/** Tasks in lm-evaluation-harness's form: definition, data, examples, and what they ask. */
package dev.castalia.scoring.task;
