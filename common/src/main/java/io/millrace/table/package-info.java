/**
 * The one door to the lake: pinned reads, slices that are published by compare-and-swap in one
 * commit, small tables by Delta Kernel, the indexes of runs and files. No other package reads or
 * writes a table of the lake.
 */
package io.millrace.table;
