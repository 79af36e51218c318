package io.millrace;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Each class of tests begins with queries that are interpreted, whatever ran before it. */
public final class InterpretedQueries implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    TestSpark.compile(false);
  }
}
