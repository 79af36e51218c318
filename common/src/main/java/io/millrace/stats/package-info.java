/** Pure mathematics without Spark: exact sums and what metrics are made of. */
package io.millrace.stats;
