// What the oneTBB contestant's sources share.
#pragma once
#include "../c/contest.h"
#include <tbb/tbb.h>

extern row tree_rows[], task_rows[], matrix_rows[];
