/** Features: one row per entity and date, out of raw rows alone, never out of labels. */
package io.millrace.features;
