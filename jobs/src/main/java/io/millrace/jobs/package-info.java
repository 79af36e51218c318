/**
 * The program: one small class per stage, which reads pinned inputs, calls the library and writes;
 * the chains of stages; lists, queries and drafts. Formulas live in the library.
 */
package io.millrace.jobs;
