package dev.heddle.web;

import java.util.Map;
import java.util.Optional;

/// What somebody asks for, once the door has let it in.
///
/// @param path begins with `/`, without the query
/// @param parameters those of the query, decoded; of one that is there twice, the last
/// @param accept what the `Accept` header says; empty for nothing
public record WebRequest(String path, Map<String, String> parameters, String accept) {
  public WebRequest {
    parameters = Map.copyOf(parameters);
  }

  /// A parameter of the query; empty if it is missing.
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /// A whole number in the query.
  ///
  /// @return `otherwise` if it is missing, or no number; at least `least` and at most `most`
  public long number(String name, long otherwise, long least, long most) {
    var text = parameters.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Math.clamp(Long.parseLong(text), least, most);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
