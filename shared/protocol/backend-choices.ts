/** What a command, a flag or the environment may say of who paints. */
export const BACKEND_CHOICES = ['auto', 'gpu', 'cpu'] as const;
