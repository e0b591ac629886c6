// A cipher machine in software, for the tests alone: the functions of GM/T 0018 that the program calls.
// Its state is the folder in which the library lies, read anew at each call:
//   pin         SHA-256 of the PIN, so that the library never has it; each try is a line of `tries`
//   key-N.pem   the SM2 key of index N
//   session     sessions opened while it said something else are invalid
//   fault       away, wrong-signature, other-curve, denied
#ifndef SOFT_SDF_H
#define SOFT_SDF_H
#include "../../../Sources/CTokens/sdf.h"
#endif
