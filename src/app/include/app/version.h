/* The version of the program, from the build. */
#ifndef LIREN_APP_VERSION_H
#define LIREN_APP_VERSION_H

#ifndef LIREN_VERSION
#error "the build names the version"
#endif

#endif
