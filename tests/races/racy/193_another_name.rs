//! Y-mismatched-critical-name: two sections change one variable, under critical sections of two names.
// twin: free/190_producer_and_consumer

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let (a, b) = (Critical::new(0), Critical::new(()));
    #[parallel(num_threads(2))]
    {
        #[sections]
        {
            #[section]
            {
                #[critical(a)]
                {
                    *a = 1;
                }
            }
            #[section]
            {
                #[critical(b)]
                {
                    *a = 2; //~ `*a` is written inside `critical(b)`
                    *b = ();
                }
            }
        }
    }
    a.into_inner()
}

fn main() {
    println!("{}", run());
}
