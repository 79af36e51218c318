package io.millrace.train;

import java.io.Serializable;

/**
 * All rows of one worker, in the order of their keys' hashes.
 *
 * @param index the worker
 * @param repeatedKey a key that two rows have; empty when there is none
 */
record Block(int index, EncodedRows train, EncodedRows tune, String repeatedKey)
    implements Serializable {}
