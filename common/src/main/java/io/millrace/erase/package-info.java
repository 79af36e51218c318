/**
 * Takes a person out of a lake: who that is, where its bytes are found, tombstones that keep it
 * out, and the receipts of what was done.
 */
package io.millrace.erase;
