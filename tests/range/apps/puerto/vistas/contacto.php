<?php echo '<P>Vista contacto del puerto.</P>';
