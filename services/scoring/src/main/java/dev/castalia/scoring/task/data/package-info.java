/** The documents of data sets, from files of several forms. */
package dev.castalia.scoring.task.data;
