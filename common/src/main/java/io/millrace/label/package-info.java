/** Labels: what came true for an entity, and the logical date from which that was known. */
package io.millrace.label;
