/** What scores say of five claims about how models learn: in a terminal, and as an HTML page. */
package dev.castalia.cli.report;
