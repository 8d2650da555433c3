/** How fast it is. */
package dev.castalia.scoring.bench;
