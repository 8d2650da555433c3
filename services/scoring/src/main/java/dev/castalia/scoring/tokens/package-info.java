/** Text to tokens, by the rules of lm-evaluation-harness. */
package dev.castalia.scoring.tokens;
