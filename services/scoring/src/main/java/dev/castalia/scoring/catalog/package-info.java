/** Suites of training runs that are known by name: {@code /catalog/SUITE.json}, or a file's. */
package dev.castalia.scoring.catalog;
