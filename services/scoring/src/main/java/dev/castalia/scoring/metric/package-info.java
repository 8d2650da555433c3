/** From what a model did with a document to numbers. */
package dev.castalia.scoring.metric;
