/** Files in lm-evaluation-harness's form. */
package dev.castalia.scoring.results;
