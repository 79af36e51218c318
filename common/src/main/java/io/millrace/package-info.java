/**
 * The words that every stage shares: {@link Stage}, run identity and the sealed exception family.
 */
package io.millrace;
