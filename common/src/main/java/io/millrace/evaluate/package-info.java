/**
 * How good a model is: metrics on all held-out rows and on each slice of them, with confidence
 * intervals, bit-equal whatever the partitions.
 */
package io.millrace.evaluate;
