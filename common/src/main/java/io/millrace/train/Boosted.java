package io.millrace.train;

import java.io.Serializable;

/**
 * A booster as trained.
 *
 * @param json its model, with all rounds
 * @param rounds how many of them to keep
 */
record Boosted(byte[] json, int rounds) implements Serializable {}
