@NullMarked
package dev.heddle.opentelemetry;

import org.jspecify.annotations.NullMarked;
