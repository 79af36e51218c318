/**
 * Features: one row per entity and date, out of raw rows alone, as they were known at the moment of
 * a prediction. An entity that stands twice at a date is an error.
 *
 * <p>{@code FeaturePlan} says which features there are, {@code FeatureReach} what a date reads, and
 * {@code FeatureBuilder} makes them: {@code PopulationRows} gives the rows that are asked, {@code
 * PointInTime} adds what windows and joins know of them, by one {@code Sweep} for each source and
 * key. A sweep keeps the rows of a key's widest window in a {@code Ring}; each window or join is a
 * {@code Lane} over it.
 */
package io.millrace.features;
