import { serve } from './src/boundary/serve.ts';
import { trainingService } from './src/training/training-service.ts';

serve(trainingService);
