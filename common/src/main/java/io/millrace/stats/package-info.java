/**
 * Mathematics without Spark: sums, moments and ranks that give the same bits in any order and
 * merge, intervals, and the distance between two words.
 */
package io.millrace.stats;
