throw new Error('born broken');
