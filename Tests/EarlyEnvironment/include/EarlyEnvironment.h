#pragma once

/* Nothing to call: what the tests need in their process's environment is there before they begin. */
