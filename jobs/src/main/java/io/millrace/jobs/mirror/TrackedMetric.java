package io.millrace.jobs.mirror;

import java.time.Instant;

/**
 * A figure of a model.
 *
 * @param key its name in MLflow
 * @param found when the run ended that found it; of two figures of one key and step MLflow shows
 *     the later one
 * @param step orders the figures of one key
 */
public record TrackedMetric(String key, double value, Instant found, long step) {}
