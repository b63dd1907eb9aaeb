/// Futures over a network of workers: submit a lambda, get a [dev.heddle.code.RemoteFunction]'s
/// result as a future.
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
