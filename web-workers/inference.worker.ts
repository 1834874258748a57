import { serve } from './src/boundary/serve.ts';
import { inferenceService } from './src/inference/inference-service.ts';

serve(inferenceService);
