/** Scores and findings as files for other programs. */
package dev.castalia.cli.export;
