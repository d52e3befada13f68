#include "emu/server/node.h"
const char node_application[] = "";
