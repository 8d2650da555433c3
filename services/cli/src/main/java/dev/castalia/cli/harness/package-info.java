/**
 * Results files of lm-evaluation-harness, in every form it has had: read, told whose they are, and
 * turned into reports for the gateway.
 */
package dev.castalia.cli.harness;
