/**
 * How good a model is: metrics on all held-out rows and on each slice of them, with confidence
 * intervals where a sound one is known, equal to the bit whatever the partitions. A figure that is
 * undefined is absent.
 */
package io.millrace.evaluate;
