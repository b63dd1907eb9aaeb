package dev.heddle.web;

/// Answers what is asked for under one path. Called on a virtual thread of the request's own, which may
/// wait, for as long as somebody would wait for a page.
@FunctionalInterface
public interface WebHandler {
  /// What it throws becomes a response 500, and a line in the log.
  WebResponse answer(WebRequest request) throws Exception;
}
