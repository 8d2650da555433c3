/**
 * The statistics behind the findings: one class a method, over plain numbers. Nothing here knows of
 * events or streams, and everything is a function of its arguments: resampling draws from a seed
 * that is fixed, so that equal data give equal answers.
 *
 * <p>Rates of error: a method that answers "there is something" at level α does so for data with
 * nothing in them in at most a share α of cases.
 */
package dev.castalia.topology.findings.statistics;
