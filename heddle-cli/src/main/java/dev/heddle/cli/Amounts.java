package dev.heddle.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Amounts as people write them: `30s`, `64MiB`.
final class Amounts {
  private static final Pattern AMOUNT = Pattern.compile("\\s*([0-9]+)\\s*([a-zA-Z]*)\\s*");

  private Amounts() {}

  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      var parts = parts(text, "a duration such as 500ms, 30s or 2m");
      var number = Long.parseLong(parts.group(1));
      return switch (parts.group(2).toLowerCase(Locale.ROOT)) {
        case "ms" -> Duration.ofMillis(number);
        case "s", "" -> Duration.ofSeconds(number);
        case "m", "min" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> throw new TypeConversionException("'" + text
            + "' is no duration: the unit is ms, s, m or h");
      };
    }
  }

  static final class BytesConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      var parts = parts(text, "a size such as 512KiB, 64MiB or 2GiB");
      var shift = switch (parts.group(2).toLowerCase(Locale.ROOT)) {
        case "", "b" -> 0;
        case "k", "kb", "kib" -> 10;
        case "m", "mb", "mib" -> 20;
        case "g", "gb", "gib" -> 30;
        default -> throw new TypeConversionException("'" + text
            + "' is no size: the unit is KiB, MiB or GiB");
      };
      return Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << shift);
    }
  }

  /// As [BytesConverter], and `none` for 0.
  static final class BytesOrNoneConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return text.strip().equalsIgnoreCase("none") ? 0 : new BytesConverter().convert(text);
    }
  }

  private static Matcher parts(String text, String expected) {
    var matcher = AMOUNT.matcher(text);
    if (!matcher.matches() || matcher.group(1).length() > 15) {
      throw new TypeConversionException("'" + text + "' is not " + expected);
    }
    return matcher;
  }
}
