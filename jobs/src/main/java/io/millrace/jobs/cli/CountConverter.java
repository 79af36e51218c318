package io.millrace.jobs.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many of something to show; none is an answer too. */
final class CountConverter implements ITypeConverter<Integer> {

  @Override
  public Integer convert(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new TypeConversionException("'" + text + "' is no count; write 0 or more, such as 20");
    }
    return Integer.parseInt(text);
  }
}
