/**
 * Mathematics without Spark: sums, moments, ranks and sketches of distributions, distinct values
 * and categories that give the same bits in any order and merge; distances between distributions
 * and what they are by chance; intervals.
 */
package io.millrace.stats;
