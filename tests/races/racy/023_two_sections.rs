//! Y-sections-conflict: two sections assign one variable.
// twin: free/069_lock_in_sections

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let mut i = 0i32;
    #[parallel(shared(i))]
    {
        #[sections]
        {
            #[section(writes(i))]
            {
                *i = 1;
            }
            #[section(writes(i))] //~ `i` is written here and written in another section
            {
                *i = 2;
            }
        }
    }
    i
}

fn main() {
    println!("{}", run());
}
