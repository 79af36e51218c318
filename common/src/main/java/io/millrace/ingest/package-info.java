/**
 * The reading half of ingest: which files a source has, what their columns are, and their rows as
 * typed columns beside the rows that can't be taken. Nothing here writes.
 *
 * <p>The order of use: {@link io.millrace.ingest.SourceFiles#list}, {@link
 * io.millrace.ingest.Footers#check}, {@link io.millrace.ingest.TypeInference#columns}, {@link
 * io.millrace.ingest.SchemaChanges#reconcile}, {@link io.millrace.ingest.SourceReader#read}.
 *
 * <p>{@link io.millrace.ingest.SpecDraft} drafts a spec from data files.
 */
package io.millrace.ingest;
