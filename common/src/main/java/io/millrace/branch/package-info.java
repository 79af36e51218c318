/**
 * Branches of a lake, and the three-way merge of their raw rows by key and cell. What a branch is
 * on the disk, and how a merge lands, is {@code table}'s to know.
 */
package io.millrace.branch;
