/**
 * The one door to the lake: pinned reads, slices, publishing by compare-and-swap, small tables by
 * Delta Kernel, the index of runs. No other package reads or writes a table of the lake.
 */
package io.millrace.table;
