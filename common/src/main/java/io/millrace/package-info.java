/**
 * What every stage shares: the words {@link Stage} and {@link Task}, hashes, the nearest known name
 * for a message, and the exceptions that a person is told, each kind with its exit code.
 */
package io.millrace;
