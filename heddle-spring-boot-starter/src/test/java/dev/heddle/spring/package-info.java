@NullMarked
package dev.heddle.spring;

import org.jspecify.annotations.NullMarked;
