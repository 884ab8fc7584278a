import { z } from 'zod';

// The content security policy forbids compiling code at run time, which zod would try. Schemas look once, when they
// are made: this is imported before the first of them.
z.config({ jitless: true });
